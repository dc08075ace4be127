/** How this program is called in a clone, where nothing is installed. All texts name commands in this form, ready to be pasted. */
export const anyturn = 'npx -y pnpm@12.21.0 anyturn';
