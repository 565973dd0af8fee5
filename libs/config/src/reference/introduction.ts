/** What holds for all variables. */
export const introduction = `# Configuration

This page is generated from the schemas in \`libs/config/src/schemas\`; a test compares the two, and
\`npx vitest run --project unit libs/config -u\` writes it anew.

- Variables come from the process environment, then from \`.env.<NODE_ENV>.local\`, then from \`.env.<NODE_ENV>\`,
  which lie in the working directory; the first place that sets a variable wins. \`NODE_ENV\` itself is set in the process
  environment.
- An empty value means unset.
- Each variable can be given as \`NAME_FILE=/path\` instead, the path of a file that holds the value, as Docker and
  Kubernetes mount secrets. One newline at its end is dropped. Giving both in one place is a mistake.
- Durations are \`500ms\`, \`5s\`, \`2m\` or \`1h\`; a bare number is seconds. Sizes are \`512kb\`, \`4mb\` or \`1gb\`, powers of
  1024; a bare number is bytes. Lists are separated by commas.
- A name that is not known is a mistake in an \`.env\` file. In the process environment it is one only where it is nearly the name of
  a variable, as \`DB_POOLSIZE\` is: the rest belongs to other programs.
- Each process reads only the categories that it needs. Where something is wrong, it says so for all variables at once
  and ends with exit code 78. \`npm run validate-config\` does the same without starting anything.
- The value of a variable marked 🔒 is a secret or may hold one, and is never shown.
- With \`NODE_ENV=test\` the defaults of development hold.
`;
