import { useEffect, useState } from "react";

/** True when `isOn` has been true for `ms` milliseconds: what is over sooner is not worth a word. */
export function useLasting(isOn: boolean, ms: number): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isOn) return setLong(false);
    const timer = setTimeout(() => setLong(true), ms);
    return () => clearTimeout(timer);
  }, [isOn, ms]);
  return isOn && isLong;
}
