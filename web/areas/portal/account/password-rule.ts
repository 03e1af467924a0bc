/** Characters a password has at least where it stands alone; the server keeps the rule. */
export const shortestPassword = 15
