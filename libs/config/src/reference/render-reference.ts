/**
 * The reference of all variables in Markdown, made of the schemas and the rules: `docs/configuration.md` is this
 * text. Joi is loaded with the call.
 */
export async function renderConfigurationReference(): Promise<string> {
  const { renderCatalogue } = await import('./render-catalogue.js');
  return renderCatalogue();
}
