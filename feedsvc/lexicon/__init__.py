"""Words as data: months, labels, relative dates, in many languages. Standard library only."""
