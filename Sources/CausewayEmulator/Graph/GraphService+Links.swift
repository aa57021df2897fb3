import CausewayJSON
import Foundation
import Synchronization

// Members and owners one by one, and the lists of links.

extension GraphService {
    /// `/groups/{id}/members…`, `/users/{id}/memberOf…` and the like.
    func links(
        _ kind: EntryKind,
        _ address: GraphPath.Segment,
        _ rest: [GraphPath.Segment],
        _ call: GraphCall,
        _ base: String
    ) throws(GraphProblem) -> GraphReply {
        guard case .name(let name) = rest[0] else { throw Self.noSuchPath("") }
        let relation = ["members": Relation.members, "owners": .owners][name]
        switch (call.method, rest.count) {
        case ("GET", 1): return try linkList(kind, address, name, .objects(of: nil), call, base)
        case ("GET", 2) where rest[1] == .name(LinkForm.referenceName) && relation != nil:
            return try linkList(kind, address, name, .references, call, base)
        case ("GET", 2) where rest[1] == .name("$count"): return try linkCount(kind, address, name, nil, call)
        case ("GET", 2), ("GET", 3):
            guard case .name(let cast) = rest[1], let type = EntryKind.allCases.first(where: { $0.typeName == cast })
            else {
                throw Self.noSuchPath("\(rest[1])")
            }
            guard rest.count == 3 else { return try linkList(kind, address, name, .objects(of: type), call, base) }
            guard rest[2] == .name("$count") else { throw Self.noSuchPath("\(rest[2])") }
            return try linkCount(kind, address, name, type, call)
        default: break
        }
        guard let relation else { throw .methodNotAllowed }
        switch (call.method, rest.count) {
        case ("POST", 2) where rest[1] == .name("$ref"): return try addLink(relation, address, call)
        case ("DELETE", 3) where rest[2] == .name("$ref"): return try removeLink(relation, address, rest[1], call)
        case ("DELETE", 2): return try deleteLinked(relation, address, rest[1], call)
        default: throw .methodNotAllowed
        }
    }

    // MARK: Reading

    /// The elements of a list of links.
    private func linkAdmission(
        _ name: String,
        _ cast: EntryKind?,
        _ options: QueryOptions,
        in directory: TenantDirectory
    ) -> (EntryIndex) -> DirectoryEntry? {
        let now = clock.now()
        return { [self, directory] index in
            guard let entry = directory.seen(index, on: options.surface, now: now), entry.deletedAt == nil,
                cast == nil || entry.kind == cast,
                options.admits(entry, linkCount: { linkCount($0, of: index, options, in: directory) })
            else { return nil }
            // A known oddity of v1.0: service principals are left out of members.
            return name == "members" && entry.kind == .servicePrincipal ? nil : entry
        }
    }

    private func linkVocabulary(_ cast: EntryKind?) throws(GraphProblem) -> Vocabulary {
        if let cast { return try vocabulary(cast) }
        return Vocabulary(mixing: EntryKind.allCases.compactMap { vocabularies[$0] })
    }

    private func linkList(
        _ kind: EntryKind,
        _ address: GraphPath.Segment,
        _ name: String,
        _ form: LinkForm,
        _ call: GraphCall,
        _ base: String
    ) throws(GraphProblem) -> GraphReply {
        let options = try options(call, linkVocabulary(form.cast), at: .links)
        if form == .references { try options.requireNoSelection() }
        return try directory.withLock { directory throws(GraphProblem) in
            let (index, entry) = try findSeen(kind, address, in: directory)
            let path = "/\(kind.collection)/\(entry.id)/\(name)\(form.suffix)"
            let writer = PageWriter(call, options, path: path, base: base, now: clock.now())
            let reader = ListReader(options: options, orders: orders, address: writer.address)
            let indices = related(name, to: index, in: directory, on: options.surface)
            let page = reader.page(of: indices, linkAdmission(name, form.cast, options, in: directory))
            var values: [JSONValue] = []
            for (_, entry) in page.entries {
                switch form {
                case .references: values.append(["@odata.id": entry.reference(base)])
                case .objects: values.append(try linkedJSON(entry, options.selection, call.caller))
                }
            }
            return writer.reply(values, page, context: form.context)
        }
    }

    private func linkCount(
        _ kind: EntryKind,
        _ address: GraphPath.Segment,
        _ name: String,
        _ cast: EntryKind?,
        _ call: GraphCall
    ) throws(GraphProblem) -> GraphReply {
        let options = try options(call, linkVocabulary(cast), at: .count)
        let count = try directory.withLock { directory throws(GraphProblem) in
            let index = try findSeen(kind, address, in: directory).index
            let admitted = linkAdmission(name, cast, options, in: directory)
            return related(name, to: index, in: directory, on: options.surface).count { admitted($0) != nil }
        }
        return GraphReply(status: 200, text: "\(count)")
    }

    // MARK: Writing

    private func addLink(_ relation: Relation, _ address: GraphPath.Segment, _ call: GraphCall) throws(GraphProblem)
        -> GraphReply
    {
        let id = try Links.identifier(call.body?["@odata.id"]?.string)
        let now = clock.now()
        try directory.withLock { directory throws(GraphProblem) in
            let group = try findForLinks(address, in: directory)
            try checkAssignable(group, call.caller, in: directory)
            let target = try resolve(id, in: directory)
            try LinkRules.check(
                [target],
                relation,
                of: group,
                directory[group].properties,
                in: directory,
                refusesCycles: settings.areCyclesRefused
            )
            directory.apply(.link(relation, from: group, to: target), at: now)
        }
        return .noContent
    }

    private func removeLink(
        _ relation: Relation,
        _ address: GraphPath.Segment,
        _ target: GraphPath.Segment,
        _ call: GraphCall
    ) throws(GraphProblem) -> GraphReply {
        guard case .name(let id) = target else { throw .methodNotAllowed }
        let now = clock.now()
        try directory.withLock { directory throws(GraphProblem) in
            let group = try find(.group, address, in: directory)
            try checkAssignable(group, call.caller, in: directory)
            let properties = directory[group].properties
            try LinkRules.checkManual(properties, relation)
            guard let target = directory.living(id), directory.isLinked(relation, from: group, to: target) else {
                throw .notFound(id)
            }
            let isLast = directory.targets(.owners, of: group).count { directory[$0].deletedAt == nil } == 1
            if relation == .owners, isLast, GroupRules.isUnified(properties) {
                throw .badRequest("The group must have at least one owner, hence this owner cannot be removed.")
            }
            directory.apply(.unlink(relation, from: group, to: target), at: now)
        }
        return .noContent
    }

    /// Without `$ref`, the linked object itself is deleted.
    private func deleteLinked(
        _ relation: Relation,
        _ address: GraphPath.Segment,
        _ target: GraphPath.Segment,
        _ call: GraphCall
    ) throws(GraphProblem) -> GraphReply {
        guard case .name(let id) = target else { throw .methodNotAllowed }
        let kind = try directory.withLock { directory throws(GraphProblem) in
            let group = try find(.group, address, in: directory)
            guard let linked = directory.living(id), directory.isLinked(relation, from: group, to: linked) else {
                throw .notFound(id)
            }
            return directory[linked].kind
        }
        guard kind != .servicePrincipal, AccessRules.meets(AccessRules.deleted(kind, isWrite: true), call.caller) else {
            throw .denied
        }
        return try delete(kind, target, call)
    }

    // MARK: Any object

    /// `/directoryObjects/{id}` and `/directoryObjects/getByIds`.
    func directoryObjects(_ rest: [GraphPath.Segment], _ call: GraphCall, _ base: String) throws(GraphProblem)
        -> GraphReply
    {
        guard case .name(let id)? = rest.first else { throw .methodNotAllowed }
        if rest.count == 1, id == "getByIds", call.method == "POST" { return try getByIDs(call, base) }
        let kind = try directory.withLock { directory throws(GraphProblem) in
            guard let index = directory.lookup.index(ofID: id) else { throw .notFound(id) }
            return directory[index].kind
        }
        if rest.count == 2, case .name(let action) = rest[1] {
            guard Self.memberActions.contains(action) else { throw Self.noSuchPath(action) }
            return try memberGroups(kind, rest[0], action, call, base)
        }
        guard rest.count == 1, call.method == "GET" else { throw .methodNotAllowed }
        let options = try QueryOptions(call, vocabulary(kind), at: .single)
        let entry = try directory.withLock { directory throws(GraphProblem) in
            try findSeen(kind, rest[0], in: directory).entry
        }
        guard case .object(var members) = try typedJSON(entry, options.selection) else { throw .notFound(id) }
        members["@odata.context"] = .string("\(base)/$metadata#directoryObjects/$entity")
        return .ok(.object(members))
    }
}
