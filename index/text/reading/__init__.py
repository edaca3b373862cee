"""The one reading of a text: hidden letters, markup, line ends, marks and capitals."""
