import CausewayGraphTypes
import CausewayJSON
import CausewayModel

/// Turns what mappings return into Graph's names and checks it against Graph's types: name, type, length, and whether an
/// application may write it at all.
struct PropertyRules: Sendable {
    private let kind: ObjectKind
    private let typeName: String
    /// The properties of users or groups themselves, by both spellings: one look-up for each that a mapping returns.
    private let own: [String: OwnProperty]
    /// For each type: its properties by both spellings.
    private let properties: [String: [String: GraphProperty]]
    private let enumerations: [String: Set<String>]
    private let countries: CountryCodes
    private let names: PropertyNames
    /// What happens to values of another type than their properties take.
    let policy: TypePolicy

    /// A property of a user or group, with all its rules. A class, because each value of each result refers to one.
    final class OwnProperty: Sendable {
        let property: GraphProperty
        fileprivate let isWritable: Bool
        /// Whether only a signed-in person may write it.
        fileprivate let isForPeople: Bool
        fileprivate let isImmutableID: Bool
        fileprivate let rule: ValueRules.Rule?

        fileprivate init(_ property: GraphProperty, isWritable: Bool, isForPeople: Bool) {
            self.property = property
            self.isWritable = isWritable
            self.isForPeople = isForPeople
            isImmutableID = property.name == "onPremisesImmutableId"
            rule = ValueRules.rule(for: property.name)
        }
    }

    init(kind: ObjectKind, types: GraphTypes, names: PropertyNames, policy: TypePolicy = .leaveOut) {
        self.kind = kind
        self.names = names
        self.policy = policy
        typeName = kind == .user ? "microsoft.graph.user" : "microsoft.graph.group"
        let rules = kind == .user ? types.user : types.group
        let properties = types.types.mapValues { type in
            var bySpelling: [String: GraphProperty] = [:]
            for (name, property) in types.properties(of: type.name) {
                bySpelling[name] = property
                bySpelling[names.snakeCase(name)] = property
            }
            return bySpelling
        }
        self.properties = properties
        let unwritable = rules.documentedReadOnly.union(rules.notWritable)
        own = (properties[typeName] ?? [:]).mapValues { property in
            OwnProperty(
                property,
                isWritable: !property.isReadOnly && !unwritable.contains(property.name),
                isForPeople: rules.notUpdatableAppOnly.contains(property.name)
            )
        }
        countries = types.countries
        enumerations = types.types.filter { $0.value.kind == .enumeration }.mapValues { Set($0.members) }
    }

    /// What a name means in a result.
    enum Role: Sendable {
        case property(OwnProperty)
        /// A directory extension of an application, under its full name.
        case directoryExtension
        /// Further properties, as the SDK carries them.
        case additionalData
        /// A link of Graph's, not a property (Graph, user: manager).
        case manager
        /// Nothing that an application may write.
        indirect case refused(PropertyFault)
    }

    /// What a name means: looked up once for all results that have it.
    func role(of name: String) -> Role {
        if name == "additional_data" { return .additionalData }
        if name == "manager", kind == .user { return .manager }
        if Self.isExtension(name) { return .directoryExtension }
        guard let own = own[name] else { return .refused(unknown(name, of: typeName, path: name)) }
        guard own.isWritable, !own.isForPeople else { return .refused(unwritable(own, name)) }
        return .property(own)
    }

    private func unwritable(_ own: OwnProperty, _ name: String) -> PropertyFault {
        let property = own.property.name
        let way = Self.otherWays[kind]?[property].map { " \($0)" } ?? ""
        return PropertyFault(
            attribute: property,
            message: own.isWritable
                ? "\(property) can be written only by a signed-in person."
                : "\(property) cannot be written by an application.",
            remedy: "Remove '\(name)' from the mapping.\(way)",
            isLeftOut: true
        )
    }

    /// What to do instead of writing a read-only property (Graph, user: proxyAddresses; assignLicense; group: mail).
    private static let otherWays: [ObjectKind: [String: String]] = [
        .user: [
            "assignedLicenses": "Put the user into a group that has the license.",
            "onPremisesProvisioningErrors": "Correct the errors on-premises.",
            "proxyAddresses": "Return 'mail': Entra ID makes the primary address from it, and Exchange the others.",
            "signInSessionsValidFromDateTime": "Deactivate the user to end its sessions.",
        ],
        .group: [
            "assignedLicenses": "Assign the license to the group in Entra ID.",
            "mail": "Return 'mail_nickname', from which Entra ID makes the address.",
            "proxyAddresses": "Return 'mail_nickname', from which Entra ID makes the primary address.",
        ],
    ]

    /// The Graph property that a name in a result stands for; nil if a mapping cannot return it.
    func graphName(of name: String) -> String? {
        switch role(of: name) {
        case .property(let own): own.property.name
        case .manager: "manager"
        case .directoryExtension, .additionalData, .refused: nil
        }
    }

    /// Why a mapping cannot return a property of this name; nil if it can.
    func violation(to name: String) -> PropertyFault? {
        if case .refused(let fault) = role(of: name) { fault } else { nil }
    }

    /// The value of a directory extension, whose type is unknown: an empty text is no value, at any depth.
    func checked(directoryExtension value: JSONValue) -> JSONValue {
        switch value {
        case .string(""): .null
        case .array(let values): .array(values.map(checked(directoryExtension:)).filter { !$0.isNull })
        default: value
        }
    }

    /// Reads which user is the manager.
    ///
    /// - Throws: ``PropertyFault`` if it does not name a user.
    func manager(_ value: JSONValue) throws(PropertyFault) -> ManagerReference {
        switch value {
        case .null, .string(""): return .nobody
        case .integer(let key): return .key(UserID(key))
        case .string(let name): return .name(name)
        default:
            throw wrongType(value, "a user of the directory: the user itself, its key, or its user name", "manager")
        }
    }

    /// Checks a value.
    ///
    /// - Parameters:
    ///   - warnings: receives what was corrected.
    ///   - leftOut: receives what is wrong with members of other types, which are left out.
    /// - Returns: the value as Graph takes it.
    /// - Throws: ``PropertyFault`` if Graph would refuse it.
    func checked(
        _ value: JSONValue,
        for own: OwnProperty,
        _ warnings: inout [String],
        leavingOut leftOut: inout [PropertyFault]
    ) throws(PropertyFault) -> JSONValue {
        let single = own.isImmutableID ? withoutTuple(value, &warnings) : value
        var notes = Notes(warnings: warnings)
        let result = try checked(single, own.property, path: own.property.name, &notes)
        (warnings, leftOut) = (notes.warnings, notes.leftOut)
        if let fault = own.rule?(result) { throw fault }
        return result
    }

    /// What is wrong with additional data that is not a dict.
    func fault(ofAdditionalData value: JSONValue) -> PropertyFault {
        wrongType(value, "a dict of properties and their values", "additional_data")
    }

    /// authentik's default mapping returned a tuple with the id in it until 2026.2, because of a superfluous comma.
    private func withoutTuple(_ value: JSONValue, _ warnings: inout [String]) -> JSONValue {
        guard case .array(let values) = value, values.count == 1 else { return value }
        warnings.append(
            "'on_premises_immutable_id' is a tuple; its value is used. Remove the comma after the value in the mapping."
        )
        return values[0]
    }

    /// `extension_<32 hexadecimal digits>_<name>`: a directory extension of an application.
    private static func isExtension(_ name: String) -> Bool {
        guard name.utf8.starts(with: "extension_".utf8) else { return false }
        let parts = name.split(separator: "_", maxSplits: 2)
        return parts.count == 3 && parts[0] == "extension" && parts[1].count == 32 && parts[1].allSatisfy(\.isHexDigit)
    }

    private func property(_ name: String, of type: String, path: String) throws(PropertyFault) -> GraphProperty {
        guard let property = properties[type]?[name] else { throw unknown(name, of: type, path: path) }
        return property
    }

    private func unknown(_ name: String, of type: String, path: String) -> PropertyFault {
        let known = properties[type] ?? [:]
        let near = known.values.map { names.snakeCase($0.name) }.nearest(to: names.snakeCase(name))
        return PropertyFault(
            attribute: path,
            message: "Graph's \(type.split(separator: ".").last ?? "") has no property '\(name)'.",
            remedy: near.map { "Did you mean '\($0)'?" } ?? "Look up its name on Microsoft's page about the type."
        )
    }

    private func checked(
        _ value: JSONValue,
        _ property: GraphProperty,
        path: String,
        _ notes: inout Notes
    ) throws(PropertyFault) -> JSONValue {
        guard property.isCollection else {
            return try checked(element: value, property, property.maxLength, path: path, &notes)
        }
        if value.isNull { return [] }
        guard case .array(let all) = value else { throw wrongType(value, "a list", path) }
        // Graph refuses empty elements.
        let values = all.filter { !$0.isNull && $0 != "" }
        if let limit = property.maxItems, values.count > limit {
            throw PropertyFault(
                path,
                rule: "count",
                "has \(values.count) values; Entra ID takes \(limit).",
                general: "has too many values; Entra ID takes \(limit).",
                remedy: "Return fewer values."
            )
        }
        var result: [JSONValue] = []
        for element in values {
            result.append(try checked(element: element, property, property.itemMaxLength, path: path, &notes))
        }
        return .array(result)
    }

    private func checked(
        element value: JSONValue,
        _ property: GraphProperty,
        _ limit: Int?,
        path: String,
        _ notes: inout Notes
    ) throws(PropertyFault) -> JSONValue {
        switch (property.type, value) {
        case (_, .null): return value
        // Entra refuses an empty text; null clears an attribute.
        case ("Edm.String", .string("")): return .null
        case ("Edm.String", .string(let text)) where property.isCountryCode: return try checked(country: text, path)
        case ("Edm.String", .string(let text)):
            if let fault = property.violation(toForm: text, path) { throw fault }
            guard let limit, text.utf16.count > limit else { return value }
            throw PropertyFault(
                path,
                rule: "length",
                "has \(text.utf16.count) characters; Entra ID takes \(limit).",
                general: "is too long; Entra ID takes \(limit) characters.",
                remedy: "Shorten the value in the directory, or cut it in the mapping."
            )
        case ("Edm.String", _): throw wrongType(value, "a string", path)
        case ("Edm.Boolean", .bool): return value
        case ("Edm.Boolean", _): throw wrongType(value, "True or False", path)
        case ("Edm.Double", .integer), ("Edm.Double", .number): return value
        case ("Edm.Int32", _), ("Edm.Int64", _):
            guard let number = value.integer ?? value.double.flatMap({ Int64(exactly: $0) }),
                property.type == "Edm.Int64" || Int32(exactly: number) != nil
            else { throw wrongType(value, "a whole number", path) }
            return .integer(number)
        case ("Edm.Double", _): throw wrongType(value, "a number", path)
        case ("Edm.DateTimeOffset", .string(let text)): return try checked(moment: text, path)
        case (let type, .string) where type.hasPrefix("Edm."): return value
        case (let type, _) where type.hasPrefix("Edm."): throw wrongType(value, "a string", path)
        case (let type, _): return try checked(complex: value, type, path: path, &notes)
        }
    }

    private func checked(country text: String, _ path: String) throws(PropertyFault) -> JSONValue {
        if let code = countries.code(text) { return .string(code) }
        throw PropertyFault(
            path,
            text,
            rule: "country",
            "is not a country.",
            remedy: countries.meant(by: text).map { "Use \($0)." } ?? "Use the two letters of ISO 3166, such as DE."
        )
    }

    /// A date alone is midnight in UTC, and a time without a zone is in UTC: Graph takes neither.
    private func checked(moment text: String, _ path: String) throws(PropertyFault) -> JSONValue {
        if text.isEmpty { return .null }
        if let complete = EdmMoment.complete(text) { return .string(complete) }
        throw PropertyFault(
            path,
            text,
            rule: "moment",
            "is not a date and time.",
            remedy: "Use a date, or a date and time with its zone, such as 2024-01-31T00:00:00Z."
        )
    }

    private func checked(
        complex value: JSONValue,
        _ type: String,
        path: String,
        _ notes: inout Notes
    ) throws(PropertyFault) -> JSONValue {
        if let names = enumerations[type] {
            guard let name = value.string else { throw wrongType(value, "a string", path) }
            if names.contains(name) || names.isEmpty { return value }
            throw PropertyFault(
                path,
                name,
                rule: "enumeration",
                "is not one of the values that Entra ID knows.",
                remedy: "Entra ID knows \(names.sorted().joined(separator: ", "))."
            )
        }
        guard case .object(let members) = value else { throw wrongType(value, "a dict or an object of the SDK", path) }
        if Self.openTypes.contains(type) { return .object(Self.opened(members)) }
        var result = members["additional_data"]?.object ?? [:]
        for (name, member) in members where name != "odata_type" && name != "additional_data" {
            let property = try property(name, of: type, path: "\(path).\(name)")
            let path = "\(path).\(property.name)"
            guard let checked = try checkedUnlessOdd(member, property, path: path, &notes) else { continue }
            if checked.isNull, property.cannotBeCleared || !property.isNullable {
                notes.warnings.append("'\(path)' cannot be cleared and is left out.")
            } else {
                result[property.name] = checked
            }
        }
        return .object(result)
    }

    /// A member's value; nil if it is of another type and is left out, as the SDK leaves it out.
    private func checkedUnlessOdd(
        _ value: JSONValue,
        _ property: GraphProperty,
        path: String,
        _ notes: inout Notes
    ) throws(PropertyFault) -> JSONValue? {
        do throws(PropertyFault) { return try checked(value, property, path: path, &notes) } catch {
            guard policy == .leaveOut, error.isAboutType, error.attribute == path else { throw error }
            notes.leftOut.append(error)
            return nil
        }
    }

    /// A warning about a value that is taken.
    private struct Notes {
        var warnings: [String]
        var leftOut: [PropertyFault] = []
    }

    /// Types whose users name their members (Graph, customSecurityAttributeValue).
    private static let openTypes: Set<String> = ["microsoft.graph.customSecurityAttributeValue"]

    /// The members of such a type, including those that the SDK carries separately.
    private static func opened(_ members: [String: JSONValue]) -> [String: JSONValue] {
        let own = members.filter { $0.key != "odata_type" && $0.key != "additional_data" }
        return own.merging(members["additional_data"]?.object ?? [:]) { $1 }
    }

    private func wrongType(_ value: JSONValue, _ wanted: String, _ path: String) -> PropertyFault {
        PropertyFault(
            path,
            rule: "type:\(value.kind)",
            "is \(value.kind); Entra ID takes \(wanted).",
            remedy: "Correct the value in the mapping."
        )
    }
}
