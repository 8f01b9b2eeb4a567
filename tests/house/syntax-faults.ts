import {
  type Argument,
  type BlockStatement,
  type Expression,
  type NewExpression,
  type TSType,
  Visitor,
} from "oxc-parser";
import { isTest, place, type SourceFile } from "./source-files.ts";

/** What the compiler and the linter let pass and this house does not, each with the way out. */
export function syntaxFaults(file: SourceFile): string[] {
  const faults: string[] = [];
  const add = (node: { start: number }, message: string) => faults.push(`${place(file, node.start)}: ${message}`);

  new Visitor({
    TSAsExpression(node) {
      if (!isConst(node.typeAnnotation)) add(node, "`as` is a claim nobody checks; parse with zod or narrow the type");
    },
    TSTypeAssertion(node) {
      add(node, "a type assertion is a claim nobody checks; parse with zod or narrow the type");
    },
    TSNonNullExpression(node) {
      add(node, "`!` hides an undefined; handle it, or throw an error that says what is missing");
    },
    TSAnyKeyword(node) {
      add(node, "`any` switches the checker off; use unknown and parse with zod");
    },
    CatchClause(node) {
      if (node.body.body.length === 0) add(node, "an empty catch drops the cause; handle the error or let it pass");
    },
    ExportDefaultDeclaration(node) {
      if (!wantsDefault(file.path)) add(node, "export it by name, so that it has one name everywhere");
    },
    CallExpression(node) {
      const callee = node.callee;
      if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
      const method = callee.property.name;
      if (method === "catch" && node.arguments.some(isEmptyFunction)) {
        add(node, "an empty catch drops the cause; handle the error or let it pass");
      }
      if (!isTest(file.path)) return;
      if (method === "waitForTimeout") add(node, "do not sleep in a test; wait for the condition");
    },
    MemberExpression(node) {
      if (!isTest(file.path) || node.property.type !== "Identifier" || node.object.type !== "Identifier") return;
      if (!/^(it|test|describe)$/.test(node.object.name)) return;
      if (node.property.name === "only") add(node, "remove .only, or the other tests do not run");
      if (/^(skip|todo)$/.test(node.property.name)) add(node, "a skipped test proves nothing: mend it or delete it");
    },
    NewExpression(node) {
      if (/\.test\.tsx?$/.test(file.path) && isSleep(node)) add(node, "do not sleep in a test; wait for the condition");
    },
    ImportDeclaration(node) {
      if (/\.test\.tsx?$/.test(file.path) && /^(node:)?timers\/promises$/.test(node.source.value)) {
        add(node, "do not sleep in a test; wait for the condition");
      }
    },
  }).visit(file.parsed.program);
  return faults;
}

function isConst(type: TSType): boolean {
  return type.type === "TSTypeReference" && type.typeName.type === "Identifier" && type.typeName.name === "const";
}

/** WXT, vite and vitest read default exports. */
function wantsDefault(path: string): boolean {
  return path.startsWith("entrypoints/") || path.startsWith("convex/") || /^[a-z.]+\.config\.ts$/.test(path);
}

function isEmptyFunction(node: Argument): boolean {
  return node.type === "ArrowFunctionExpression" && node.body.type === "BlockStatement" && node.body.body.length === 0;
}

/** `new Promise((resolve) => setTimeout(resolve, …))`. */
function isSleep(node: NewExpression): boolean {
  const executor = node.arguments[0];
  if (node.callee.type !== "Identifier" || node.callee.name !== "Promise") return false;
  if (executor?.type !== "ArrowFunctionExpression") return false;
  const [first] = executor.params;
  const resolve = first?.type === "Identifier" ? first.name : undefined;
  const body = executor.body;
  const call = body.type === "BlockStatement" ? soleExpression(body) : body;
  if (call?.type !== "CallExpression" || call.callee.type !== "Identifier" || call.callee.name !== "setTimeout")
    return false;
  const argument = call.arguments[0];
  return argument?.type === "Identifier" && argument.name === resolve;
}

function soleExpression(block: BlockStatement): Expression | undefined {
  const [only] = block.body;
  return block.body.length === 1 && only?.type === "ExpressionStatement" ? only.expression : undefined;
}
