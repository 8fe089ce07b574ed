"""The steps of set-up, one file each; a step that takes another's result waits for it by name."""
