import { describe, expect, it } from "vitest";
import { formatCode, isCode, isServerUrl } from "./pairing-input.ts";

describe("formatCode", () => {
  it.each([
    ["7KQ2-MX4R", "7KQ2-MX4R"],
    ["7kq2mx4r", "7KQ2-MX4R"],
    ["7kq2 mx4r", "7KQ2-MX4R"],
    ["Sidestream is at http://127.0.0.1:8787, pairing code 7KQ2-MX4R\n", "7KQ2-MX4R"],
    ["7kq", "7KQ"],
    ["7KQ2-M", "7KQ2-M"],
    ["7KQ2-MX4RZZZ", "7KQ2-MX4R"],
    ["", ""],
  ])("reads %j", (typed, code) => {
    expect(formatCode(typed)).toBe(code);
  });

  it("knows a whole code", () => {
    expect(isCode("7KQ2-MX4R")).toBe(true);
    expect(isCode("7KQ2-MX4")).toBe(false);
  });
});

describe("isServerUrl", () => {
  it.each(["http://127.0.0.1:8787", " https://home.example ", "http://[::1]:1"])("takes %j", (address) => {
    expect(isServerUrl(address)).toBe(true);
  });
  it.each(["", "127.0.0.1:8787", "javascript:alert(1)", "ftp://home.example"])("refuses %j", (address) => {
    expect(isServerUrl(address)).toBe(false);
  });
});
