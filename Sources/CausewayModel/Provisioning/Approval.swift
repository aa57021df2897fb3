/// A person's word that what the guard of a run held back may be done, good for a while.
package struct Approval: Hashable, Sendable {
    /// The run whose held actions are approved.
    package let run: RunID
    package let provider: ProviderID
    /// Who approved.
    package let approvedBy: String
    package let approvedAt: Timestamp
    /// From then on it covers nothing.
    package let expiresAt: Timestamp

    package init(
        run: RunID,
        provider: ProviderID,
        approvedBy: String,
        approvedAt: Timestamp,
        expiresAt: Timestamp
    ) {
        self.run = run
        self.provider = provider
        self.approvedBy = approvedBy
        self.approvedAt = approvedAt
        self.expiresAt = expiresAt
    }
}
