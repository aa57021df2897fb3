import CausewayInstallation
package import CausewayJSON
package import Foundation
import HTTPTypes

/// The OpenAPI document: requests are routed and checked by it, so it is always true.
package struct APIDocument: Sendable {
    /// The document as `/api/v3/schema/` serves it.
    package let json: JSONValue
    let operations: [APIOperation]
    let schemas: [String: JSONSchema]

    /// The parts of the document, each with the paths and schemas of one area: first those of authentik's API that Causeway serves, then
    /// Causeway's own, which may add properties to authentik's schemas.
    private static let parts =
        [
            "common", "administration", "applications", "blueprints", "connections", "events", "groups",
            "property-mappings", "providers", "tasks", "tokens", "users",
        ].map { "authentik/\($0).json" }
        + [
            "access", "administration", "directory", "events", "import", "property-mappings", "providers", "runs",
            "search",
        ].map {
            "causeway/\($0).json"
        }

    /// Reads the parts that come with the program, and merges them.
    ///
    /// - Parameter folder: where the program's `.resources` folders are; by default next to the executable.
    /// - Throws: ``APIDocumentError``.
    package static func load(from folder: URL? = nil) throws(APIDocumentError) -> APIDocument {
        let folder = Installation.resource("openapi", of: "CausewayAPI", in: folder)
        var whole: JSONValue = [:]
        for part in parts { whole = whole.merged(with: try read(folder.appending(path: part))) }
        return try APIDocument(FieldSchemas.completing(whole))
    }

    private static func read(_ part: URL) throws(APIDocumentError) -> JSONValue {
        do { return try JSONValue(parsing: Data(contentsOf: part)) } catch {
            throw APIDocumentError("\(part.path) cannot be read (\(error)); install the program again")
        }
    }

    init(_ json: JSONValue) throws(APIDocumentError) {
        self.json = json
        var schemas: [String: JSONSchema] = [:]
        for (name, schema) in json["components"]?["schemas"]?.object ?? [:] {
            do { schemas[name] = try JSONSchema(schema) } catch {
                throw APIDocumentError("\(name): \(error.description)")
            }
        }
        self.schemas = schemas
        var operations: [APIOperation] = []
        for (path, methods) in json["paths"]?.object ?? [:] {
            for (method, operation) in methods.object ?? [:] {
                operations.append(try APIOperation(path, method, operation, document: json))
            }
        }
        self.operations = operations.sorted { $0.id < $1.id }
    }
}

/// Why a document cannot be used.
package struct APIDocumentError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

extension JSONValue {
    /// Members of both; objects that are in both are merged recursively.
    fileprivate func merged(with other: JSONValue) -> JSONValue {
        guard case .object(let own) = self, case .object(let more) = other else { return other }
        return .object(own.merging(more) { $0.merged(with: $1) })
    }
}
