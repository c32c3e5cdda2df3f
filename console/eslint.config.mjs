// The strictest rules that typescript-eslint knows, with types; what is left out says why.
import tseslint from "typescript-eslint";

export default tseslint.config(
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    files: ["src/**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-restricted-syntax": [
        "error",
        { selector: "AssignmentExpression > MemberExpression.left[property.name=/^(inner|outer)HTML$/]", message: "make elements: text is never markup" },
        { selector: "CallExpression[callee.property.name='insertAdjacentHTML']", message: "make elements: text is never markup" },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "no-eval": "error",
      "eqeqeq": "error",
      "no-console": ["error", { allow: ["warn"] }],
    },
  },
  { ignores: ["*.mjs"] },
);
