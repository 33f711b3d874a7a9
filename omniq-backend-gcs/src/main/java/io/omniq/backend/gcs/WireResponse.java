/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import com.google.api.client.http.LowLevelHttpResponse;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One answer, wholly read. */
final class WireResponse extends LowLevelHttpResponse {
    private final HttpResponse<byte[]> response;
    private final List<String> names = new ArrayList<>();
    private final List<String> values = new ArrayList<>();

    WireResponse(HttpResponse<byte[]> response) {
        this.response = response;
        response.headers()
                .map()
                .forEach((name, all) -> all.forEach(value -> {
                    names.add(name);
                    values.add(value);
                }));
    }

    @Override
    public InputStream getContent() {
        return new ByteArrayInputStream(response.body());
    }

    @Override
    public @Nullable String getContentEncoding() {
        return header("content-encoding");
    }

    @Override
    public long getContentLength() {
        return response.body().length;
    }

    @Override
    public @Nullable String getContentType() {
        return header("content-type");
    }

    private @Nullable String header(String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    @Override
    public String getStatusLine() {
        return "HTTP/1.1 " + response.statusCode();
    }

    @Override
    public int getStatusCode() {
        return response.statusCode();
    }

    @Override
    public @Nullable String getReasonPhrase() {
        return null;
    }

    @Override
    public int getHeaderCount() {
        return names.size();
    }

    @Override
    public String getHeaderName(int index) {
        return names.get(index);
    }

    @Override
    public String getHeaderValue(int index) {
        return values.get(index);
    }
}
