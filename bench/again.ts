import {
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  type PipelineRequest,
} from '@azure/core-rest-pipeline';
import pLimit from 'p-limit';

/** Requests that are under way at once when they are sent again: as many as a sweep has. */
const AT_ONCE = 64;

/** An HTTP client that can keep what is asked through it, to ask the same again. */
export interface Recorder {
  client: HttpClient;
  /** from now on keeps what is asked */
  begin(): void;
  /**
   * Sends what was kept once more through the pipeline that every SDK has, and parses the answers as JSON: what is left of
   * a sweep where nothing is made of the answers. `paced`: keeps to the quotas. Returns how many requests that were.
   */
  again(paced: HttpClient): Promise<number>;
}

type Asked = Pick<PipelineRequest, 'url' | 'method' | 'headers' | 'body'>;

/** Keeps nothing until it is told to. */
export function recorder(inner: HttpClient): Recorder {
  let kept: Asked[] | undefined;
  const client: HttpClient = {
    sendRequest(request) {
      const { url, method, headers, body } = request;
      kept?.push({ url, method, headers: createHttpHeaders(headers.toJSON()), ...(body && { body }) });
      return inner.sendRequest(request);
    },
  };
  return {
    client,
    begin() {
      kept = [];
    },
    async again(paced) {
      const asked = kept ?? [];
      kept = undefined;
      const pipeline = createPipelineFromOptions({});
      await pLimit(AT_ONCE).map(asked, async (one) => {
        const { bodyAsText } = await pipeline.sendRequest(paced, createPipelineRequest(one));
        // An accepted row is answered with nothing.
        if (bodyAsText) JSON.parse(bodyAsText);
      });
      return asked.length;
    },
  };
}
