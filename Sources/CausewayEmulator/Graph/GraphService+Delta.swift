import CausewayJSON
import Foundation
import Synchronization

// `/users/delta` and `/groups/delta`.

extension GraphService {
    func deltaPage(_ kind: EntryKind, _ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        let now = clock.now()
        let isMinimal = call.headers["prefer"]?.contains("return=minimal") == true
        return try directory.withLock { directory throws(GraphProblem) in
            let visible = directory.visibleEnd(at: now)
            var token = try deltaToken(kind, call, base, in: directory, visible, now)
            if token.phase == .link {
                token.phase = .changes
                token.from = delta.start(of: token, in: directory)
                token.end = visible
            }
            var page =
                switch token.phase {
                case .full: delta.fullPage(token, in: directory)
                case .changes, .link: delta.changePage(token, in: directory)
                }
            page.next.issued = now
            return reply(page, kind, base, isMinimal)
        }
    }

    private func reply(_ page: DeltaService.Page, _ kind: EntryKind, _ base: String, _ isMinimal: Bool) -> GraphReply {
        let isLast = page.next.phase == .link
        let path = "\(base)/\(kind.collection)/delta"
        let link = GraphLink.url(path, [(isLast ? "$deltatoken" : "$skiptoken", page.next.text)])
        // An absent value is left out: in a delta, null means cleared or never set.
        let values = isMinimal ? page.values.map(Self.withoutNulls) : page.values
        return .ok([
            "@odata.context": .string("\(base)/$metadata#\(kind.collection)"), "value": .array(values),
            isLast ? "@odata.deltaLink" : "@odata.nextLink": .string(link),
        ])
    }

    private static func withoutNulls(_ value: JSONValue) -> JSONValue {
        guard case .object(let members) = value else { return value }
        return .object(members.filter { !$0.value.isNull })
    }

    /// What a request asks for: what its token says, or a new round.
    private func deltaToken(
        _ kind: EntryKind,
        _ call: GraphCall,
        _ base: String,
        in directory: TenantDirectory,
        _ visible: Int,
        _ now: Date
    ) throws(GraphProblem) -> DeltaToken {
        let given = call.option("deltatoken") ?? call.option("skiptoken")
        if let given, given != "latest", !given.isEmpty {
            return try known(given, kind, base, in: directory, now)
        }
        for name in ["top", "orderby", "expand", "search", "count"] where call.option(name) != nil {
            throw .unsupportedQuery("The query option '$\(name)' is not supported for delta queries.")
        }
        let options = try selectionAndIDs(kind, call)
        var token = DeltaToken(
            phase: given == "latest" ? .link : .full,
            kind: kind,
            selection: options.selection,
            ids: options.ids,
            origin: delta.origin,
            from: visible,
            end: visible,
            issued: now
        )
        if token.phase == .link { token.entry = directory.entries.count }
        return token
    }

    private func known(
        _ text: String,
        _ kind: EntryKind,
        _ base: String,
        in directory: TenantDirectory,
        _ now: Date
    ) throws(GraphProblem) -> DeltaToken {
        guard let token = DeltaToken(text), token.kind == kind else {
            throw .badRequest("The delta token is not valid.", detail: "InvalidValue", target: "$deltatoken")
        }
        if token.origin.mark == delta.origin.mark, token.origin.epoch < delta.origin.epoch { throw resync(token, base) }
        guard isKnown(token, in: directory), now.timeIntervalSince(token.issued) <= ChangeLog.keptFor else {
            throw GraphProblem(
                status: settings.expiredDeltaStatus,
                code: "syncStateNotFound",
                message: "Resync required. The sync state is not found: the delta token has expired."
            )
        }
        return token
    }

    /// Whether a token refers to what the tenant has; a made-up token, or one of another tenant's life, may not.
    private func isKnown(_ token: DeltaToken, in directory: TenantDirectory) -> Bool {
        token.origin == delta.origin && token.from <= directory.log.end && token.end <= directory.log.end
            && token.entry <= directory.entries.count
            && (token.phase == .full || token.from >= directory.log.start)
    }

    /// A reset sends the caller back to the start, with the options of its first request.
    private func resync(_ token: DeltaToken, _ base: String) -> GraphProblem {
        var options: [(String, String)] = []
        if let selection = token.selection { options.append(("$select", selection.joined(separator: ","))) }
        if let ids = token.ids { options.append(("$filter", ids.map { "id eq '\($0)'" }.joined(separator: " or "))) }
        options.append(("$deltatoken", ""))
        var problem = GraphProblem(status: 410, code: "resyncRequired", message: "Resync required.")
        problem.headers["Location"] = GraphLink.url("\(base)/\(token.kind.collection)/delta", options)
        return problem
    }

    private func selectionAndIDs(_ kind: EntryKind, _ call: GraphCall) throws(GraphProblem) -> (
        selection: [String]?, ids: [String]?
    ) {
        let vocabulary = try vocabulary(kind)
        let names = call.option("select")?.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
        let links = Set(kind == .group ? ["members", "owners"] : ["manager"])
        for name in names ?? [] where vocabulary.properties[name] == nil && name != "id" && !links.contains(name) {
            throw .malformed("Could not find a property named '\(name)' on type '\(kind.typeName)'.")
        }
        guard let filter = try call.option("filter").map({ text throws(GraphProblem) in try FilterParser.parse(text) })
        else { return (names, nil) }
        guard let ids = filter.alternativeIDs else {
            throw .unsupportedQuery("Delta queries can only be filtered by id.")
        }
        return (names, ids)
    }
}

extension FilterExpression {
    /// The ids of `id eq 'a' or id eq 'b'`; nil if it is anything else.
    fileprivate var alternativeIDs: [String]? {
        switch self {
        case .or(let one, let other):
            guard let left = one.alternativeIDs, let right = other.alternativeIDs else { return nil }
            return left + right
        case .compare(["id"], .eq, let values): return values.compactMap { $0.string?.lowercased() }
        default: return nil
        }
    }
}
