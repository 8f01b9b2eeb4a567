/** Runs the tasks of one key one after the other, in the order in which they came. */
export type OneAtATime = <Result>(key: string, task: () => Promise<Result>) => Promise<Result>;

/** No task runs yet. */
export function createOneAtATime(): OneAtATime {
  const last = new Map<string, Promise<unknown>>();
  return async (key, task) => {
    const before = last.get(key);
    const mine = before === undefined ? task() : before.then(task);
    const over = Promise.allSettled([mine]);
    last.set(key, over);
    try {
      return await mine;
    } finally {
      if (last.get(key) === over) last.delete(key);
    }
  };
}
