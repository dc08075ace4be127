/** An arithmetic expression, with temperatures that a tool has yet to tell. */
export type Expression =
  | { readonly type: 'number'; readonly text: string }
  /** The temperature of the place with this index. */
  | { readonly type: 'temperature'; readonly place: number }
  | { readonly type: 'percent'; readonly operand: Expression }
  | { readonly type: 'negative'; readonly operand: Expression }
  | { readonly type: 'call'; readonly name: string; readonly inputs: readonly Expression[] }
  | {
      readonly type: 'binary';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    };

export type Operator = '+' | '-' | '*' | '/' | '%' | '^';

export function number(value: number | string): Expression {
  return { type: 'number', text: String(value) };
}

export function binary(operator: Operator, left: Expression, right: Expression): Expression {
  return { type: 'binary', operator, left, right };
}

export function call(name: string, ...inputs: readonly Expression[]): Expression {
  return { type: 'call', name, inputs };
}

/** `(a + b + c) / 3` */
export function average(inputs: readonly Expression[]): Expression {
  return binary('/', sum(inputs), number(inputs.length));
}

export function sum(inputs: readonly Expression[]): Expression {
  return inputs.reduce((left, right) => binary('+', left, right));
}

/** Indexes of the places whose temperature the expression needs, each once. */
export function placesOf(expression: Expression): number[] {
  switch (expression.type) {
    case 'number':
      return [];
    case 'temperature':
      return [expression.place];
    case 'percent':
    case 'negative':
      return placesOf(expression.operand);
    case 'call':
      return [...new Set(expression.inputs.flatMap(placesOf))];
    case 'binary':
      return [...new Set([...placesOf(expression.left), ...placesOf(expression.right)])];
  }
}

/** Writes the expression in plain ASCII, the way every calculator takes it: `(22 - 18.5) * 9 / 5`. */
export function toExpressionText(
  expression: Expression,
  temperatureOf: (place: number) => string = () => '?',
): string {
  return write(expression, 0);

  function write(node: Expression, tightness: number): string {
    switch (node.type) {
      case 'number':
        return node.text;
      case 'temperature':
        return inBrackets(temperatureOf(node.place), temperatureOf(node.place).startsWith('-'));
      case 'percent':
        return inBrackets(`${write(node.operand, 3)} / 100`, tightness > 2);
      case 'negative':
        return inBrackets(`-${write(node.operand, 4)}`, tightness > 0);
      case 'call':
        return `${node.name}(${node.inputs.map((input) => write(input, 0)).join(', ')})`;
      case 'binary': {
        const own = tightnesses[node.operator];
        const rightFirst = node.operator === '^';
        const left = write(node.left, rightFirst ? own + 1 : own);
        const right = write(node.right, rightFirst ? own : own + 1);
        return inBrackets(`${left} ${node.operator} ${right}`, own < tightness);
      }
    }
  }
}

const tightnesses: Record<Operator, number> = { '+': 1, '-': 1, '*': 2, '/': 2, '%': 2, '^': 4 };

function inBrackets(text: string, when: boolean): string {
  return when ? `(${text})` : text;
}
