import CausewayAPI

/// Names and values of a form or an address, in their order.
struct FormFields: Sendable {
    let items: [(name: String, value: String)]

    init(_ items: [(name: String, value: String)] = []) { self.items = items }

    /// Reads `application/x-www-form-urlencoded` text.
    init(text: some StringProtocol) { items = QueryText.items(of: text) }

    /// The last value of a name.
    subscript(name: String) -> String? { items.last { $0.name == name }?.value }

    /// The number of the requested page of a list, from 1 on.
    var page: Int { max(1, self["page"].flatMap { Int($0) } ?? 1) }

    func all(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }

    /// The fields as hidden ones of another form, which has a token of its own.
    private var hidden: [HiddenField] {
        items.filter { $0.name != "_token" }.map { HiddenField(name: $0.name, value: $0.value) }
    }

    private static let confirmation = "_confirmed"

    /// Whether a question about these fields was answered with yes.
    var isConfirmed: Bool { self[Self.confirmation] != nil }

    /// The fields as hidden ones of the form that asks a question about them.
    var confirmed: [HiddenField] { hidden + [HiddenField(name: Self.confirmation, value: "true")] }

    /// The query of an address, with some values replaced; nil removes.
    func text(replacing changes: [String: String?] = [:]) -> String {
        let kept = items.filter { changes[$0.name] == nil && !$0.value.isEmpty }
        let added = changes.sorted { $0.key < $1.key }.compactMap { name, value in value.map { (name: name, value: $0) }
        }
        return QueryText.text(of: kept + added)
    }
}
