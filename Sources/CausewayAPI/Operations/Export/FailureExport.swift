import CausewayModel
import CausewayStore

/// What fails now, an action a line: of one cause or of all.
struct FailureExport: CSVExport {
    let provider: ProviderID
    let cause: FailureCause.Key?
    /// Nil until the header is written.
    private var position: FailureExportPosition?

    private static let pageSize = 1000
    private static let header = CSVText.line([
        "cause", "kind", "name", "object", "entra_id", "action", "attribute", "message", "remedy", "outcome",
    ])

    init(provider: ProviderID, cause: FailureCause.Key?) { (self.provider, self.cause) = (provider, cause) }

    mutating func next(in transaction: Transaction) throws -> String? {
        guard var position else {
            position = try transaction.beginFailureExport(of: provider)
            return Self.header
        }
        let page = try transaction.failingActions(of: provider, for: cause, from: &position, limit: Self.pageSize)
        self.position = position
        return page.isEmpty ? nil : page.map(Self.line).joined()
    }

    private static func line(_ stored: StoredAction) -> String {
        let (action, outcome) = (stored.action, stored.outcome)
        let rule = outcome.rule?.id ?? ""
        let key = FailureCause.Key(
            kind: action.kind,
            attribute: outcome.attribute,
            rule: rule.isEmpty ? "unknown" : rule
        )
        return CSVText.line([
            key.text, action.kind.rawValue, action.name, action.object?.id ?? "", action.entraID?.rawValue ?? "",
            action.verb.rawValue, outcome.attribute ?? "", outcome.message, outcome.remedy, outcome.status.rawValue,
        ])
    }
}
