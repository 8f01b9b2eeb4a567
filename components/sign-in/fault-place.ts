/** Where a form shows a fault: at the field that it is about, or above the button when it is about none. */
export type FaultPlace = "email" | "password" | "code" | "form";

/** Pure: the place of a fault by its code, which is one of SignInErrorCode or of the background's own. */
export function faultPlace(code: string): FaultPlace {
  switch (code) {
    case "unknown_address":
    case "bad_address":
    case "address_taken":
      return "email";
    case "wrong_password":
    case "weak_password":
      return "password";
    case "wrong_code":
    case "expired_code":
      return "code";
    default:
      return "form";
  }
}
