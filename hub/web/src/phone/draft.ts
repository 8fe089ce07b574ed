/** Photos that were taken for something that nobody then said: they do not stay on the phone for ever. */
import { abandoned } from "../core/draft.ts";
import { store } from "./store.ts";

/** Once a page: forget those of more than a day ago that nothing names, whoever took them. */
export async function clear(): Promise<void> {
  const writing = (await store()).transaction(["said", "photos"], "readwrite");
  const photos = writing.objectStore("photos");
  const [all, kept] = await Promise.all([writing.objectStore("said").getAll(), photos.getAll()]);
  await Promise.all([...abandoned(kept, all, Date.now()).map((sha) => photos.delete(sha)), writing.done]);
}
