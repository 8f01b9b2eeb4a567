import { describe, expect, it } from "vitest";
import { loadableImage, namesAnotherHost, openableLink } from "./link-target.ts";

describe("openableLink", () => {
  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "\u0001javascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "blob:https://example.com/1",
    "file:///etc/passwd",
    "chrome://settings",
    "chrome-extension://abc/sidepanel.html",
    "view-source:https://example.com",
    "/relative",
    "#fragment",
    "//example.com",
    "",
  ])("does not open %j", (address) => {
    expect(openableLink(address)).toBeUndefined();
  });

  it("names the true host, behind a user name and in punycode", () => {
    expect(openableLink("https://bank.com@evil.example/a")?.host).toBe("evil.example");
    expect(openableLink("https://аpple.com/")?.host).toBe("xn--pple-43d.com");
    expect(openableLink("mailto:a@example.com")?.host).toBe("a@example.com");
  });

  it("sees that the words name another host", () => {
    const evil = { href: "https://evil.example/", host: "evil.example" };
    expect(namesAnotherHost("https://bank.com/login", evil)).toBe(true);
    expect(namesAnotherHost("bank.com", evil)).toBe(true);
    expect(namesAnotherHost("www.evil.example", evil)).toBe(false);
    expect(namesAnotherHost("the bank", evil)).toBe(false);
  });
});

describe("loadableImage", () => {
  it("takes web addresses and data of plain image types only", () => {
    expect(loadableImage("https://a.example/x.png")).toEqual({ src: "https://a.example/x.png", from: "a.example" });
    expect(loadableImage("data:image/png;base64,iVBO")?.from).toBe("the answer");
    expect(loadableImage("data:image/svg+xml;base64,PHN2Zz4=")).toBeUndefined();
    expect(loadableImage("data:text/html;base64,PHN2Zz4=")).toBeUndefined();
    expect(loadableImage("javascript:alert(1)")).toBeUndefined();
    expect(loadableImage("mailto:a@b.c")).toBeUndefined();
  });
});
