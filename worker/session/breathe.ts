/** How long the core may work before the thread listens to its messages, in milliseconds. */
export const SLICE_MS = 24;

/** Lets messages that have arrived be handled; costs microseconds, unlike a timer, which browsers delay. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      port2.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
