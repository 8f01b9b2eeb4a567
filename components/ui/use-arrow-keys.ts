import type { KeyboardEvent, RefObject } from "react";

/**
 * Up, Down, Home and End walk through the elements of a frame that bear `data-stop`, in their order. In a text field Home
 * and End stay the field's own.
 */
export function useArrowKeys(frame: RefObject<HTMLElement | null>): (event: KeyboardEvent) => void {
  return (event) => {
    const stops = [...(frame.current?.querySelectorAll<HTMLElement>("[data-stop]") ?? [])];
    const target = event.target instanceof HTMLElement ? event.target : undefined;
    const isField = target instanceof HTMLInputElement;
    if (event.defaultPrevented || event.nativeEvent.isComposing || (isField && !("stop" in target.dataset))) return;
    const at = target ? stops.indexOf(target) : -1;
    const next = nextStop(event.key, at, stops.length, isField);
    if (next === undefined) return;
    event.preventDefault();
    stops[next]?.focus();
  };
}

function nextStop(key: string, at: number, count: number, isField: boolean): number | undefined {
  if (key === "ArrowDown") return Math.min(at + 1, count - 1);
  if (key === "ArrowUp") return Math.max(at - 1, 0);
  if (isField) return undefined;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : undefined;
}
