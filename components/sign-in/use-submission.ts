import { useRef, useState } from "react";
import { faultOf } from "../../lib/chat/account-actions.ts";
import { type FaultPlace, faultPlace } from "./fault-place.ts";

/** `code`: the reason, where it has a name. */
export type Fault = { place: FaultPlace; code?: string; message: string };

/** Runs one step of signing in at a time, and keeps what it failed with until the next one begins. */
export function useSubmission() {
  const [busy, setBusy] = useState<string>();
  const [fault, setFault] = useState<Fault>();
  const isBusy = useRef(false);

  /** `name` tells which button is at work. False when the step failed, or when another one runs. */
  async function run(name: string, step: () => Promise<unknown>): Promise<boolean> {
    if (isBusy.current) return false;
    isBusy.current = true;
    setBusy(name);
    setFault(undefined);
    try {
      await step();
      return true;
    } catch (error) {
      const { code, message } = faultOf(error);
      setFault({ place: faultPlace(code), code, message });
      return false;
    } finally {
      isBusy.current = false;
      setBusy(undefined);
    }
  }

  return { busy, fault, run, say: (place: FaultPlace, message: string) => setFault({ place, message }) };
}

/** The fault of one place. */
export function faultAt(fault: Fault | undefined, place: FaultPlace): string | undefined {
  return fault?.place === place ? fault.message : undefined;
}
