import CausewayGraphTypes
import CausewayJSON
import Foundation

/// What may be queried in a list: the properties of its kind, or of every kind if several are mixed.
struct Vocabulary: Sendable {
    /// Nil if kinds are mixed.
    let kind: EntryKind?
    let properties: [String: GraphProperty]
    let expandable: Set<String>
    /// The relations whose links `$filter` counts.
    private let countable: Set<String>

    /// Documented names, by their lower-case form: OData's services may compare them without regard to case, and Graph does.
    private let spellings: [String: String]

    init(kind: EntryKind, types: GraphTypes) {
        self.kind = kind
        properties = types.properties(of: kind.typeName)
        expandable =
            switch kind {
            case .user: ["manager", "memberOf", "transitiveMemberOf", "directReports", "ownedObjects"]
            case .group: ["members", "owners", "memberOf", "transitiveMembers"]
            case .servicePrincipal: ["memberOf"]
            }
        countable = QueryTable.countedRelations(of: kind)
        spellings = Self.spellings(of: properties, expandable.union(countable))
    }

    init(mixing vocabularies: [Vocabulary]) {
        kind = nil
        properties = vocabularies.reduce(into: [:]) { $0.merge($1.properties) { first, _ in first } }
        expandable = []
        countable = vocabularies.reduce(into: []) { $0.formUnion($1.countable) }
        spellings = Self.spellings(of: properties, countable)
    }

    private static func spellings(of properties: [String: GraphProperty], _ relations: Set<String>) -> [String: String]
    {
        let names = Array(properties.keys) + relations + ["deletedDateTime", "id"]
        return Dictionary(names.map { ($0.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The documented spelling of a name; an unknown name stays as it is.
    func spelling(of name: String) -> String { spellings[name.lowercased()] ?? name }

    /// A relation that `$expand` accepts, in its documented spelling.
    func relation(_ name: String) -> String? {
        let name = spelling(of: name)
        return expandable.contains(name) ? name : nil
    }

    /// Whether a name is that of a relation, whatever the query.
    func isRelation(_ name: String) -> Bool { expandable.contains(name) || countable.contains(name) }

    /// Whether `$search` accepts a property: any text that `$filter` accepts.
    func canSearch(_ name: String) -> Bool {
        guard let property = properties[name] else { return false }
        return property.isSearchable || (property.type == "Edm.String" && !property.filterOperators.isEmpty)
    }

    var typeName: String { kind?.typeName ?? "microsoft.graph.directoryObject" }
}

/// The query options of a read (OData 4.01, 5; Graph, "Customize responses with query parameters").
struct QueryOptions: Sendable {
    /// The place of the options: lists of links allow less than lists of objects.
    enum Place: Sendable { case single, collection, links, count }

    struct Order: Sendable {
        let property: String
        let isDescending: Bool
    }

    var selection: [String]?
    var filter: FilterExpression?
    var search: SearchExpression?
    var order: [Order] = []
    var expansion: Expansion?
    var size = Self.defaultSize
    /// Where the page starts.
    var start = PageToken.Place()
    var isCounted = false
    /// Whether the slower index answers.
    var isAdvanced = false

    static let defaultSize = 100
    /// With `$expand`, a page contains no more (Graph, known issue 13635), whatever `$top` says.
    private static let largestExpandedSize = 100
    private static let names: Set<String> = [
        "select", "filter", "search", "orderby", "expand", "top", "count", "skiptoken", "skip", "format",
    ]

    /// - Parameters:
    ///   - tokenLifetime: seconds until a page link expires.
    ///   - isStrict: whether a query that Graph's pages contradict each other about is an advanced query.
    /// - Throws: ``GraphProblem`` for what Graph does not accept.
    init(
        _ call: GraphCall,
        _ vocabulary: Vocabulary,
        at place: Place,
        now: Date = .distantPast,
        tokenLifetime: Double = 0,
        isStrict: Bool = false
    ) throws(GraphProblem) {
        let query = try Self.known(call.query)
        selection = try Self.selection(query["select"], vocabulary)
        expansion = try Expansion(query["expand"], vocabulary)
        if isStrict { try checkLevels(call, count: query["count"]) }
        guard place != .single else { return }
        try expansion?.requireNoChain()
        if query["skip"] != nil { throw .malformed("'$skip' is not supported by the service.") }
        if let text = query["filter"] { filter = try FilterParser.parse(text).spelled(as: vocabulary.spelling) }
        let rules = FilterRules(vocabulary: vocabulary, isStrict: isStrict)
        let refusal: GraphProblem? = if let filter { try rules.check(filter) } else { nil }
        if let text = query["search"] { search = try SearchParser.parse(text, vocabulary) }
        order = try Self.order(query["orderby"], vocabulary)
        // Without the header the count is left out without an error.
        isCounted = Self.isTrue(query["count"]) && isEventual(call)
        size = try Self.size(query["top"], atMost: Self.largestSize(selection))
        if expansion != nil { size = min(size, Self.largestExpandedSize) }
        if let token = query["skiptoken"] { start = try PageToken(token, now: now, lifetime: tokenLifetime).place }
        try checkConsistency(call, place, vocabulary, refusal)
    }

    /// Whether the slower index is used. It does not know relations: with `$expand` a query is answered, or refused, as one without
    /// the header (Graph, "Advanced query capabilities on Microsoft Entra ID objects": not supported with advanced queries).
    private func isEventual(_ call: GraphCall) -> Bool { call.isEventual && expansion == nil }

    private static func isTrue(_ text: String?) -> Bool { text?.lowercased() == "true" }

    /// Earlier versions of "List manager" require the advanced query parameters for a chain of managers; later ones and reports do not.
    private func checkLevels(_ call: GraphCall, count: String?) throws(GraphProblem) {
        guard expansion?.levels != nil, !call.isEventual || !Self.isTrue(count) else { return }
        throw .missingParameters(for: "The request")
    }

    /// Which queries need the header, and which the count as well (Graph, "Advanced query capabilities on Microsoft Entra ID objects";
    /// the texts are those of its "Error handling").
    ///
    /// - Parameter refusal: of the filter, if it needs both.
    private mutating func checkConsistency(
        _ call: GraphCall,
        _ place: Place,
        _ vocabulary: Vocabulary,
        _ refusal: GraphProblem?
    ) throws(GraphProblem) {
        if place == .count, !isEventual(call) { throw .badRequest("$count is not currently supported.") }
        if search != nil, !isEventual(call) { throw .unsupportedQuery(Self.searchNeedsHeader) }
        let isSortedOtherwise =
            (filter != nil || place == .links) && !order.isEmpty
            || order.contains { QueryTable.sorting($0.property, of: vocabulary.kind) == .advanced }
        let needsCount =
            refusal != nil || isSortedOtherwise || call.isCast || (place == .links && filter != nil)
        isAdvanced = needsCount || isCounted || search != nil || place == .count
        guard needsCount, !isCounted, place != .count else { return }
        if let refusal { throw refusal }
        if isSortedOtherwise { throw .unsupportedQuery("Sorting not supported for current query.") }
        throw .missingParameters(for: "The request")
    }

    private static let searchNeedsHeader =
        "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'"

    /// The options by their names without `$`, which Graph allows callers to omit.
    private static func known(_ query: [String: String]) throws(GraphProblem) -> [String: String] {
        var found: [String: String] = [:]
        for (name, value) in query {
            let plain = (name.hasPrefix("$") ? String(name.dropFirst()) : name).lowercased()
            if names.contains(plain) {
                found[plain] = value
            } else if name.hasPrefix("$") {
                throw .malformed("The query parameter '\(name)' is not supported.")
            }
        }
        return found
    }

    private static func selection(_ text: String?, _ vocabulary: Vocabulary) throws(GraphProblem) -> [String]? {
        guard let text, !text.isEmpty else { return nil }
        let names = text.split(separator: ",").map { vocabulary.spelling(of: $0.filter { !$0.isWhitespace }) }
        for name in names where vocabulary.properties[name] == nil && !["id", "*"].contains(name) {
            guard vocabulary.expandable.contains(name) || name.hasPrefix("extension_") else {
                throw .malformed("Could not find a property named '\(name)' on type '\(vocabulary.typeName)'.")
            }
        }
        return names.contains("*") ? nil : names
    }

    private static func order(_ text: String?, _ vocabulary: Vocabulary) throws(GraphProblem) -> [Order] {
        guard let text, !text.isEmpty else { return [] }
        var orders: [Order] = []
        for part in text.split(separator: ",") {
            let words = part.split(separator: " ").map(String.init)
            let direction = words.count == 2 ? words[1].lowercased() : "asc"
            guard let name = words.first.map(vocabulary.spelling), words.count <= 2,
                ["asc", "desc"].contains(direction)
            else {
                throw .malformed("Syntax error in '$orderby'.")
            }
            guard QueryTable.sorting(name, of: vocabulary.kind) != nil else {
                throw .unsupportedQuery("Sorting not supported for current query.")
            }
            orders.append(Order(property: name, isDescending: direction == "desc"))
        }
        return orders
    }

    /// What is stored outside the directory comes in smaller pages.
    private static func largestSize(_ selection: [String]?) -> Int {
        selection?.contains("signInActivity") == true ? 500 : 999
    }

    private static func size(_ text: String?, atMost largestSize: Int) throws(GraphProblem) -> Int {
        guard let text else { return defaultSize }
        guard let size = Int(text), (1...largestSize).contains(size) else {
            throw .badRequest(
                "Invalid page size specified: '\(text)'. Must be between 1 and \(largestSize) inclusive."
            )
        }
        return size
    }

    // MARK: Use

    /// Where the answer comes from.
    var surface: Surface { isAdvanced ? .index : .replica }

    /// Whether an object belongs to the list.
    ///
    /// - Parameter linkCount: the number of objects that a relation leads to from it, by the relation's name.
    func admits(_ entry: DirectoryEntry, linkCount: (String) -> Int) -> Bool {
        filter?.matches(entry, linkCount: linkCount) ?? true && search?.matches(entry) ?? true
    }

    /// Whether one object comes before another.
    func areInOrder(_ one: DirectoryEntry, _ other: DirectoryEntry) -> Bool {
        for order in order {
            let (left, right) = (Self.sortKey(one, order.property), Self.sortKey(other, order.property))
            if left != right { return order.isDescending ? left > right : left < right }
        }
        return false
    }

    private static func sortKey(_ entry: DirectoryEntry, _ property: String) -> String {
        entry.value(property).string?.lowercased() ?? ""
    }
}
