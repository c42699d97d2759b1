"""What diagrams and decision tables may say: values, expressions, tests, tables, facts."""
