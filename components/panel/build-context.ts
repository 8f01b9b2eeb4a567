import { createContext, useContext } from "react";

/** What this build of the extension has. */
export type Build = {
  version: string;
  /** Present where people sign in with accounts; otherwise the panel pairs with a code. */
  accounts?: { google: boolean } | undefined;
};

export const BuildContext = createContext<Build>({ version: "" });

export function useBuild(): Build {
  return useContext(BuildContext);
}
