import "fake-indexeddb/auto";
import { v7 } from "uuid";
import { expect, it, vi } from "vitest";
import { openMended } from "./mend.ts";

it("makes an empty database of one that stays broken", async () => {
  const name = v7();
  const onEmptied = vi.fn();
  const database = openMended(name, onEmptied);
  const work = vi.fn(broken).mockResolvedValue("done").mockImplementationOnce(broken).mockImplementationOnce(broken);
  expect(await database.use(work)).toBe("done");
  expect(onEmptied).toHaveBeenCalledOnce();
  expect(await namesOfDatabases()).toContain(name);
  database.close();
});

it("leaves no database behind when it is closed while it is being emptied", async () => {
  const name = v7();
  const onEmptied = vi.fn();
  const database = openMended(name, onEmptied);
  const remove = indexedDB.deleteDatabase.bind(indexedDB);
  vi.spyOn(indexedDB, "deleteDatabase").mockImplementationOnce((deleted) => {
    database.close();
    return remove(deleted);
  });
  await expect(database.use(broken)).rejects.toThrow("broken by the test");
  expect(await namesOfDatabases()).not.toContain(name);
  expect(onEmptied).not.toHaveBeenCalled();
});

async function broken(): Promise<string> {
  throw new DOMException("broken by the test", "InvalidStateError");
}

async function namesOfDatabases() {
  return (await indexedDB.databases()).map(({ name }) => name);
}
