import CausewayJSON
import Foundation
import HTTPTypes

/// Reads what a client sent.
enum RequestBody {
    /// The members of a body, checked; empty if the operation takes none.
    ///
    /// - Throws: ``APIError``.
    static func members(of bytes: [UInt8], _ operation: APIOperation, _ headers: HTTPFields, _ check: SchemaCheck)
        throws
        -> [String: JSONValue]
    {
        guard let schema = operation.body else { return [:] }
        if bytes.isEmpty, !operation.isBodyRequired, operation.bodyType == "application/json" { return [:] }
        let sent = try json(bytes, operation, headers)
        do throws(SchemaFault) {
            return try check.checked(sent, schema, isPartial: operation.method == .patch).object ?? [:]
        } catch {
            throw APIError.invalid(error.json.object ?? ["non_field_errors": error.json])
        }
    }

    private static func json(_ bytes: [UInt8], _ operation: APIOperation, _ headers: HTTPFields) throws -> JSONValue {
        let type = headers[.contentType] ?? "application/json"
        let essence = type.split(separator: ";").first.map { $0.lowercased() } ?? ""
        guard essence == operation.bodyType else {
            throw APIError.detail(.unsupportedMediaType, "Unsupported media type \"\(type)\" in request.")
        }
        if essence == "multipart/form-data" { return .object(try MultipartForm.fields(of: bytes, type: type)) }
        do { return try JSONValue(parsing: bytes.isEmpty ? Array("{}".utf8) : bytes) } catch {
            throw APIError.detail(.badRequest, "JSON parse error - \(error)")
        }
    }
}

/// The fields of a form with files (RFC 7578), as texts.
enum MultipartForm {
    /// - Throws: ``APIError`` if the bytes are not such a form.
    static func fields(of bytes: [UInt8], type: String) throws -> [String: JSONValue] {
        guard let boundary = parameter("boundary", of: type), !boundary.isEmpty else {
            throw APIError.detail(.badRequest, "Multipart form parse error - Invalid boundary in multipart.")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw APIError.detail(.badRequest, "Multipart form parse error - Only UTF-8 is accepted.")
        }
        var fields: [String: JSONValue] = [:]
        for part in text.components(separatedBy: "--\(boundary)").dropFirst() where !part.hasPrefix("--") {
            let pieces = part.components(separatedBy: "\r\n\r\n")
            guard pieces.count > 1, let name = parameter("name", of: pieces[0]) else { continue }
            let value = pieces.dropFirst().joined(separator: "\r\n\r\n")
            fields[name] = .string(value.hasSuffix("\r\n") ? String(value.dropLast()) : value)
        }
        return fields
    }

    private static func parameter(_ name: String, of header: String) -> String? {
        guard let start = header.range(of: "\(name)=", options: .caseInsensitive) else { return nil }
        let rest = header[start.upperBound...]
        if rest.first == "\"" {
            return rest.dropFirst().split(separator: "\"", omittingEmptySubsequences: false).first.map(String.init)
        }
        return String(rest.prefix { $0 != ";" && !$0.isNewline })
    }
}
