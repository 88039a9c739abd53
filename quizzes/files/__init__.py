"""Files that learners hand in as answers: which a question takes, how they are kept, and who may take them away."""
