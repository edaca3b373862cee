"""Files of people and funders to text: PDF, Word, Markdown and plain text, within bounds."""
