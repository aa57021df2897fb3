import CausewayAPI
import CausewayModel
import Foundation

/// The filter of the log in an address, and in the form above the list. Each filter is a parameter of the address, so that an address
/// can be saved, sent and opened again.
struct EventFilterForm: Sendable {
    /// The filters that the form has, in its order.
    private static let names = [
        "search", "action", "area", "user", "object_type", "object", "object_name", "provider", "period", "from",
        "until",
    ]
    private static let periods = ["hours=1", "days=1", "days=7", "days=30"]
    static let types = [
        "user", "group", "application", "microsoftentraprovider", "microsoftentraprovidermapping", "token", "schedule",
    ]

    /// The filters that are set, by name.
    let values: [(name: String, value: String)]

    init(_ query: FormFields) {
        values = Self.names.compactMap { name -> (name: String, value: String)? in
            guard let value = query[name], value.utf8.count < 1000, Self.isValid(value, name) else { return nil }
            return (name: name, value: value)
        }
    }

    /// Whether the API can read a value. An address with another one shows the log without that filter.
    private static func isValid(_ value: String, _ name: String) -> Bool {
        switch name {
        case "area": EventKind.Area(rawValue: value) != nil
        case "period": DurationText(value) != nil
        case "provider": Int64(value) != nil
        case "from", "until": start(of: value) != nil
        default: !value.isEmpty
        }
    }

    subscript(name: String) -> String { values.first { $0.name == name }?.value ?? "" }

    var isEmpty: Bool { values.isEmpty }

    /// The parameters of the API. Days become the times at which they begin and end.
    var parameters: [(name: String, value: String)] {
        values.compactMap { name, value -> (name: String, value: String)? in
            switch name {
            // A key without a type names nothing.
            case "object" where self["object_type"].isEmpty: nil
            case "from": Self.start(of: value).map { (name: name, value: $0) }
            case "until": Self.start(of: value, adding: 1).map { (name: name, value: $0) }
            default: (name: name, value: value)
            }
        }
    }

    /// The first moment of a day, in UTC; nil for a text that is no day.
    private static func start(of day: String, adding days: Int = 0) -> String? {
        guard let start = try? Date("\(day)T00:00:00Z", strategy: .iso8601) else { return nil }
        return (start + Double(days) * 86_400).formatted(.iso8601)
    }

    /// - Parameter providers: the providers that can be chosen.
    func shown(_ providers: [ProviderView], _ texts: Texts) -> ShownEventFilter {
        func options(_ values: [String], _ name: String, _ label: (String) -> String) -> [ChoiceOption] {
            ([""] + values).map { value in
                ChoiceOption(
                    value: value,
                    label: value.isEmpty ? texts("lists.all") : label(value),
                    isChosen: value == self[name]
                )
            }
        }
        let words = EventWords(texts: texts)
        return ShownEventFilter(
            search: self["search"],
            user: self["user"],
            objectName: self["object_name"],
            from: self["from"],
            until: self["until"],
            areas: options(EventKind.Area.allCases.map(\.rawValue), "area") { texts("event.areas.\($0)") },
            actions: options(EventKind.allCases.map(\.rawValue), "action", words.action),
            types: options(Self.types, "object_type") { texts("event_types_title.\($0)") },
            periods: options(Self.periods, "period") { texts("event.periods.\($0)") },
            providers: options(providers.map(\.id), "provider") { id in
                providers.first { $0.id == id }?.name ?? id
            },
            hidden: ["object"].filter { !self[$0].isEmpty }.map { HiddenField(name: $0, value: self[$0]) },
            isOfOneObject: !self["object"].isEmpty,
            isFiltered: !isEmpty
        )
    }
}

/// The content of the form.
struct ShownEventFilter: TemplateValue {
    let search: String
    let user: String
    let objectName: String
    let from: String
    let until: String
    let areas: [ChoiceOption]
    let actions: [ChoiceOption]
    let types: [ChoiceOption]
    let periods: [ChoiceOption]
    let providers: [ChoiceOption]
    /// The filter that other pages set: one object.
    let hidden: [HiddenField]
    let isOfOneObject: Bool
    let isFiltered: Bool
}
