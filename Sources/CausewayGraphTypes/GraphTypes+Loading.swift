import CausewayInstallation
import CausewayJSON
public import Foundation

/// Why the type data could not be read. It comes with the program, so the remedy is to install it again.
public struct GraphTypesError: Error, CustomStringConvertible {
    public let description: String
}

extension GraphTypes {
    /// Reads the data that comes with the program: next to the executable as SwiftPM places it, or in a folder of that
    /// name given by the caller.
    ///
    /// - Parameter folder: where the `Causeway_CausewayGraphTypes.resources` folder is; by default next to the executable.
    /// - Throws: ``GraphTypesError`` if the file is missing or damaged.
    public static func load(from folder: URL? = nil) throws(GraphTypesError) -> GraphTypes {
        let file = Installation.resource("graph-types.json", of: "CausewayGraphTypes", in: folder)
        do {
            return try GraphTypes(JSONValue(parsing: Data(contentsOf: file)))
        } catch {
            throw GraphTypesError(
                description: "Graph's type data at \(file.path) cannot be read (\(error)); install the program again, "
                    + "together with the folder Causeway_CausewayGraphTypes.resources."
            )
        }
    }

    /// Reads the data from its JSON form.
    ///
    /// - Throws: ``GraphTypesError`` if a part is missing.
    convenience init(_ json: JSONValue) throws(GraphTypesError) {
        guard let types = json["types"]?.object, let user = json["user"], let group = json["group"] else {
            throw GraphTypesError(description: "types, user or group is missing")
        }
        let all = Dictionary(uniqueKeysWithValues: types.map { ($0.key, GraphType(name: $0.key, $0.value)) })
        self.init(
            types: all,
            user: GraphResourceRules(user, all.properties(of: "microsoft.graph.user")),
            group: GraphResourceRules(group, all.properties(of: "microsoft.graph.group")),
            countries: CountryCodes(json["countryCodes"] ?? .null)
        )
    }
}

extension GraphType {
    fileprivate init(name: String, _ json: JSONValue) {
        self.name = name
        kind = json["kind"]?.string.flatMap(Kind.init) ?? .complex
        base = json["base"]?.string
        let all = (json["properties"]?.array ?? []).map(GraphProperty.init)
        properties = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        members = (json["members"]?.array ?? []).compactMap { $0["name"]?.string }
        isMergedByService = json["mergedByService"]?.bool ?? false
    }
}

extension GraphProperty {
    fileprivate init(_ json: JSONValue) {
        func flag(_ name: String) -> Bool { json[name]?.bool ?? false }
        func limit(_ name: String) -> Int? { json[name]?.integer.map(Int.init) }
        name = json["name"]?.string ?? ""
        type = json["type"]?.string ?? "Edm.String"
        isCollection = flag("collection")
        isNullable = flag("nullable") && !flag("documentedNotNullable")
        isReadOnly = flag("readOnly") || flag("computed")
        isReadOnlyWhenSynced = flag("readOnlyWhenSynced")
        isWriteOnce = flag("writeOnce")
        cannotBeCleared = flag("cannotClear")
        isSensitive = flag("sensitiveAction")
        neverReturned = flag("neverReturned")
        isCaseless = flag("caseless")
        isCountryCode = flag("countryCode")
        isLanguage = flag("language")
        values = (json["values"]?.array ?? []).compactMap(\.string)
        maxLength = limit("maxLength")
        maxItems = limit("maxItems")
        itemMaxLength = limit("itemMaxLength")
        isSearchable = flag("search")
        isSortable = flag("orderby")
        isSingleGetOnly = flag("singleGetOnly")
        filterOperators = (json["filter"]?.array ?? []).compactMap(\.string)
    }
}
