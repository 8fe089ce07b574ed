import { expect, test } from "vitest";
import { plain, readCode, tagOf } from "./code.ts";

const CODE = "LF1-22-3-20270221-ABCDEFGHIJKLMNOP";

test("a code tells which point it hangs at and until when it is good", () => {
  expect(readCode(CODE)).toEqual({ number: 22, until: "2027-02-21" });
});

test("what a thumb types is read though it has spaces and small letters", () => {
  const typed = " lf1-22-3-20270221- abcdefgh ijklmnop";
  expect(readCode(typed)?.number).toBe(22);
  expect(plain(typed)).toBe(CODE);
});

test("anything else is no checkpoint's code", () => {
  for (const other of ["", "22", "LF1-22", `${CODE}A`, "HTTPS://EXAMPLE", CODE.replace("LF1", "LF2"), CODE.replace("A", "1")]) expect(readCode(other)).toBeNull();
});

test("a tag is known by its number however it is written", () => {
  expect(tagOf("04:a2:1b:9c:5e:71:80")).toBe("04A21B9C5E7180");
  expect(tagOf("04")).toBeNull();
});
