import CausewayGraph

extension NetworkTransport {
    /// Does something with this transport, then shuts it down in any case: one that is only dropped ends the process.
    func used<Value>(_ body: (NetworkTransport) async throws -> Value) async throws -> Value {
        let result: Result<Value, any Error>
        do { result = .success(try await body(self)) } catch { result = .failure(error) }
        try await shutdown()
        return try result.get()
    }

    /// Sends one request, within a time that is enough on the busiest machine; this transport cannot be used again.
    func sendOnce(_ request: HTTPRequestMessage) async throws -> HTTPAnswer {
        try await used { try await $0.send(request, deadline: .now + .seconds(60)) }
    }
}
