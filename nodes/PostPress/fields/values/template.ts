/**
 * A field of the data: `$json.first_name`, `$json["First Name"]`, `$('Node').item.json.x`, `$json.x.trim()`;
 * also what is written like one, such as `$vars.x` and `$fromAI('x')`.
 * Whatever is more than that, such as `$json.x || ''`, is the user's own answer to a gap.
 */
const FIELD =
	/^\$\w*(?:\??\.[A-Za-z_$][\w$]*|(?:\?\.)?\[(?:"[^"\]]*"|'[^'\]]*'|\d+)\]|\((?:"[^"]*"|'[^']*'|[^()"'$])*\))+$/;

/**
 * The fields of the data that a text refers to, in the order of the text.
 *
 * @param text with expressions in `{{ }}`, as the parameter holds it
 * @returns each as it is written: `$json.first_name`
 */
export function fieldsIn(text: string): string[] {
	return text
		.split('{{')
		.slice(1)
		.map((part) => part.split('}}', 1)[0].trim())
		.filter((code) => code.length < 1000 && FIELD.test(code));
}
