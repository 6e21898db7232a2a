"""From what a source said to what we stand behind: one pure step per worry."""
