/* How long the person still has. It runs on performance.now() and is set anew by the server_time of every reply:
   the device's clock, wrong or moved, decides nothing. Times are in milliseconds. */

const SLOWEST = 1000; /* a reply that took longer waited somewhere: its time was read early on the way */

export function makeClock() {
  let ahead; /* of performance.now(), in the server's time */
  let end;
  return {
    set({ server_time, closes_at, asked, heard }) {
      if (server_time) ahead = Date.parse(server_time) - asked - Math.min((heard - asked) / 2, SLOWEST);
      if (closes_at) end = Date.parse(closes_at);
    },
    left: () => end - ahead - performance.now(),
    end: () => new Date(end).toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  };
}

/* 42:15, 1:02:00; never below 0 */
export function written(left) {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}
