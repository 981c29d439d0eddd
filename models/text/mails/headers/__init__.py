"""Headers of quoted mails: the labels in them, the blocks that they make, and how a history opens."""
