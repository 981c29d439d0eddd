"""The knowledge base on disk: snapshots, the log of changes since, and replicas that follow them."""
