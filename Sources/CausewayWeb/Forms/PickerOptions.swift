import CausewayAPI
import CausewayJSON

/// The objects that a picker offers: all that are selected, and a part of the others. A script asks the API for further parts.
struct PickerOptions: Sendable {
    /// In their order. All of them are there, so that saving loses none.
    let chosen: [ChoiceOption]
    let others: [ChoiceOption]
    /// Whether there are further ones, which a search finds.
    let hasMore: Bool

    private static let size = 50

    /// - Parameters:
    ///   - search: words that the others must have in their names; empty for all.
    ///   - own: the API's address of the object that is changed; it is not offered as its own parent.
    init(
        _ source: ObjectSource,
        of name: String,
        chosen keys: [String],
        search: String,
        own: String?,
        _ api: APIClient
    ) async throws {
        var query: [(name: String, value: String)] = [("page_size", "\(Self.size)")]
        if !search.isEmpty { query.append(("search", search)) }
        let found = try await api.get(source.list.adding(query), as: ResultPage<JSONValue>.self)
        let keys = keys.filter { !$0.isEmpty }
        var labels: [String: String] = [:]
        for row in found.results { labels[row[source.id]?.plainText ?? ""] = row[source.label]?.string }
        for key in keys where labels[key] == nil { labels[key] = try await source.name(of: key, api) }
        func option(_ key: String, isChosen: Bool) -> ChoiceOption {
            ChoiceOption(value: key, label: labels[key] ?? key, isChosen: isChosen, id: "\(name)-\(key)")
        }
        chosen = keys.map { option($0, isChosen: true) }
        others = found.results.map { $0[source.id]?.plainText ?? "" }
            .filter { !keys.contains($0) && "\(source.object)\($0)/" != own }
            .map { option($0, isChosen: false) }
        hasMore = found.pagination.next > 0
    }
}

/// The content of a picker: two lists of checkboxes, and a search.
struct PickerModel: TemplateValue {
    let chosen: [ChoiceOption]
    let others: [ChoiceOption]
    let hasMore: Bool
    /// Whether the search is worth its place.
    let isSearchable: Bool
    let search: String
    /// The API's list, for the script.
    let source: String
    let sourceKey: String
    let sourceLabel: String
    /// The key that is not offered.
    let own: String?

    private static let few = 8

    init(_ options: PickerOptions, _ source: ObjectSource, search: String, own: String?) {
        (chosen, others, hasMore) = (options.chosen, options.others, options.hasMore)
        isSearchable = options.hasMore || !search.isEmpty || options.chosen.count + options.others.count > Self.few
        self.search = search
        self.source = "/api/v3\(source.list)"
        (sourceKey, sourceLabel) = (source.id, source.label)
        self.own = own.flatMap { own in
            own.hasPrefix(source.object) ? String(own.dropFirst(source.object.count).dropLast()) : nil
        }
    }
}
