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
        "node",
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
        case "from", "until": day(value, in: .gmt) != nil
        default: !value.isEmpty
        }
    }

    subscript(name: String) -> String { values.first { $0.name == name }?.value ?? "" }

    var isEmpty: Bool { values.isEmpty }

    /// Whether it is about one day.
    var isOneDay: Bool { !self["from"].isEmpty && self["from"] == self["until"] }

    /// The parameters of the API. Days become the times at which they begin and end for the viewer.
    func parameters(for viewer: Viewer) -> [(name: String, value: String)] {
        values.compactMap { name, value -> (name: String, value: String)? in
            switch name {
            // A key without a type names nothing.
            case "object" where self["object_type"].isEmpty: nil
            case "from": Self.day(value, in: viewer.zone).map { (name: name, value: $0.start.formatted(.iso8601)) }
            case "until": Self.day(value, in: viewer.zone).map { (name: name, value: $0.end.formatted(.iso8601)) }
            default: (name: name, value: value)
            }
        }
    }

    /// The filters, with one day instead of the period.
    ///
    /// - Parameter day: such as `2026-11-29`.
    func values(on day: String) -> [(name: String, value: String)] {
        values.filter { !["period", "from", "until"].contains($0.name) } + [("from", day), ("until", day)]
    }

    /// The time of a day such as `2026-11-29`; nil for a text that is no day.
    private static func day(_ text: String, in zone: TimeZone) -> DateInterval? {
        guard let noon = try? Date("\(text)T12:00:00Z", strategy: .iso8601) else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day], from: noon)
        calendar.timeZone = zone
        return calendar.date(from: parts).flatMap { calendar.dateInterval(of: .day, for: $0) }
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
