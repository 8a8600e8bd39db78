/* Splitting a key into n shares of which any k give it back: Shamir's scheme over GF(256). */

export const KEY_LENGTH = 32;
const powers = new Uint8Array(510);
const logarithms = new Uint8Array(256);

for (let exponent = 0, value = 1; exponent < 255; exponent += 1) {
  powers[exponent] = value;
  powers[exponent + 255] = value;
  logarithms[value] = exponent;
  value ^= (value << 1) ^ (value & 0x80 ? 0x11b : 0);
}

export const multiply = (a, b) => (a && b ? powers[logarithms[a] + logarithms[b]] : 0);
export const divide = (a, b) => (a ? powers[logarithms[a] - logarithms[b] + 255] : 0);

/* The polynomials that start with the secret's bytes, at `place` (1 to 255). */
export function shareOf(secret, coefficients, place) {
  const share = new Uint8Array(secret.length);
  for (let from = coefficients.length - secret.length; from >= -secret.length; from -= secret.length) {
    const block = from < 0 ? secret : coefficients.subarray(from, from + secret.length);
    for (let at = 0; at < share.length; at += 1) share[at] = multiply(share[at], place) ^ block[at];
  }
  return share;
}

/* The secret of exactly k shares, as pairs of place and share. */
export function combine(pairs) {
  const secret = new Uint8Array(pairs[0][1].length);
  for (const [place, share] of pairs) {
    let weight = 1;
    for (const [other] of pairs) {
      if (other !== place) weight = multiply(weight, divide(other, other ^ place));
    }
    for (let at = 0; at < secret.length; at += 1) secret[at] ^= multiply(share[at], weight);
  }
  return secret;
}
