/**
 * Tells whether a status is among those that are expected.
 *
 * @param expected - Statuses as `204`, classes as `2xx`, and ranges as `200-299`, both ends included.
 */
export function isExpectedStatus(status: number, expected: readonly (number | string)[]): boolean {
  return expected.some((item) => {
    if (typeof item === 'number') return status === item;
    const [from = '', to = from] = item.split('-');
    return status >= Number(from.replace('xx', '00')) && status <= Number(to.replace('xx', '99'));
  });
}
