/** How a variable is given by the path of a mounted secret. */
export const fileExample = (name: string): string => `${name}_FILE=/run/secrets/${name.toLowerCase()}`;
