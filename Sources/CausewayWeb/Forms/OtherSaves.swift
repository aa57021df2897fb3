import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Who saved an object since a form showed it, from the log of events. What an import changed has no event of its own.
struct OtherSaves: Sendable {
    /// A save, as the page of a conflict names it.
    struct Save: TemplateValue {
        let who: String
        let created: ShownTime?
        /// The page of the event.
        let address: Address
    }

    /// The newest first.
    let all: [Save]
    /// The newest save of each field; of attributes, that of any of them.
    private let byField: [String: Save]

    /// How many events are read.
    private static let most = 100

    init(_ events: [EventEntry], _ words: EventWords) {
        var (all, byField) = ([Save](), [String: Save]())
        for event in events {
            let save = Save(who: words.who(event), created: ShownTime(event.created), address: .event(event.pk))
            all.append(save)
            for change in event.changes where byField[Self.field(change.field)] == nil {
                byField[Self.field(change.field)] = save
            }
        }
        (self.all, self.byField) = (all, byField)
    }

    /// - Parameters:
    ///   - path: the API's address of the object; nil for a new one, which nobody else saves.
    ///   - since: when the form showed it; without it, nobody is named.
    init(of definition: FormDefinition, at path: String?, since: String?, _ texts: Texts, _ api: APIClient) async throws
    {
        let words = EventWords(texts: texts)
        guard let path, let since, let model = EventWords.model(of: definition) else {
            self.init([], words)
            return
        }
        let object = await api.send(.get, path).body
        let items = [
            (name: "object_type", value: model), ("object", (object["pk"] ?? object["id"] ?? .null).plainText),
            ("from", since), ("area", "changes"), ("limit", "\(Self.most)"),
        ]
        let found = try await api.get("/causeway/events/".adding(items), as: EventEntryPage.self)
        // The log of an object also has what other objects did to it.
        self.init(found.results.filter { $0.object?.modelName == model && $0.action == "model_updated" }, words)
    }

    func last(of field: FormField) -> Save? { byField[field.name] }

    private static func field(_ name: String) -> String { name.hasPrefix("attributes.") ? "attributes" : name }
}
