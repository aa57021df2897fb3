package import CausewayJSON
package import Foundation
import HTTPTypes

/// The OpenAPI document: what is served is routed and checked by it, so that it cannot be untrue.
package struct APIDocument: Sendable {
    /// The document as `/api/v3/schema/` serves it.
    package let json: JSONValue
    let operations: [APIOperation]
    let schemas: [String: JSONSchema]

    /// Reads the documents that come with the program: the part of authentik's, and what Causeway has beside it.
    ///
    /// - Parameter folder: where the program's `.resources` folders are; by default beside the executable.
    /// - Throws: ``APIDocumentError``.
    package static func load(from folder: URL? = nil) throws(APIDocumentError) -> APIDocument {
        let folder = (folder ?? executableFolder).appending(path: "Causeway_CausewayAPI.resources/Resources")
        let parts = try ["authentik.json", "causeway.json"].map { name throws(APIDocumentError) in
            do { return try JSONValue(parsing: Data(contentsOf: folder.appending(path: name))) } catch {
                throw APIDocumentError("\(folder.path)/\(name) cannot be read (\(error)); install the program again")
            }
        }
        return try APIDocument(parts[0].merged(with: parts[1]))
    }

    private static var executableFolder: URL {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
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
    /// Members of both, those of objects in both merged in turn.
    fileprivate func merged(with other: JSONValue) -> JSONValue {
        guard case .object(let own) = self, case .object(let more) = other else { return other }
        return .object(own.merging(more) { $0.merged(with: $1) })
    }
}
