/* The answer sheet as one text: the letters of all slots joined by dots, "C.ABD..A". Nothing here touches a page. */

export const parse = (text) => text.split(".");
export const format = (slots) => slots.join(".");
export const answered = (slots) => slots.filter(Boolean).length;

/* numbers, from 1, of the slots that differ between two sheets */
export const differing = (one, other) => numbers(parse(one), (letters, i) => letters !== parse(other)[i]);
export const numbers = (slots, wanted) => slots.flatMap((letters, i) => (wanted(letters, i) ? [i + 1] : []));

/* (epoch, revision) a stands after b */
export const newer = (a, b) => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);

/* What stands on the sheet when a page with a log opens (protocol §4). log: sheet, base (last known from the server),
   epoch, revision. stored: sheet, saved_as. theirs: numbers of the slots where the server's letters replaced the log's. */
export function merge(log, stored) {
  if (!newer(stored.saved_as, [log.epoch, log.revision])) return { sheet: log.sheet, theirs: [] };
  const [mine, base, there] = [log.sheet, log.base, stored.sheet].map(parse);
  if (mine.length !== there.length) return { sheet: stored.sheet, theirs: [] };
  const slots = there.map((letters, i) => (letters === base[i] ? mine[i] : letters));
  return { sheet: format(slots), theirs: numbers(slots, (letters, i) => letters !== mine[i]) };
}

/* 3、9至12 */
export function spoken(list) {
  const parts = [];
  for (let i = 0; i < list.length; i += 1) {
    let end = i;
    while (list[end + 1] === list[end] + 1) end += 1;
    if (end - i < 2) parts.push(list[i]);
    else {
      parts.push(`${list[i]}至${list[end]}`);
      i = end;
    }
  }
  return parts.join("、");
}
