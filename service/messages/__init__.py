"""Every sentence for people: keys with values here, the words in a catalogue a language."""
