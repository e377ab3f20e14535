"""Learning: what runs saw of places that no public text names, and the lines of a contract that follow from it.

Nothing is sent, and no value is read: runs keep shapes, names, and the contract's own words (`golive.drift`).
"""
